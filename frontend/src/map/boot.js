// Starts the program: a file of its own, because the page allows no inline script.
import start from "./wangge.js";

start();
