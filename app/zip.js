// Connects the program with client-zip, which packs files as a stream, one after the other.
// Must not hold their bytes: they go from one Blob of the browser's into another.
export { downloadZip } from "client-zip";
