// Connects the program with client-zip, which packs files as a stream. Must not hold their bytes.
export { downloadZip } from "client-zip";
