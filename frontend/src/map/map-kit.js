// The map libraries as one module, and where their worker lies. Everything else is Rust.
import { Map, ScaleControl, addProtocol, setWorkerUrl } from "maplibre-gl";
import { Protocol } from "pmtiles";

setWorkerUrl(new URL("./map-worker.js", import.meta.url).href);
const tiles = new Protocol();
addProtocol("pmtiles", tiles.tile);

export { Map, ScaleControl };
