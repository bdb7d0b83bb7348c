// Starts the program: a file of its own, because the page allows no inline script.
import start from "./wangge.js";

start({ module_or_path: new URL("./wangge_bg.wasm", import.meta.url) });
