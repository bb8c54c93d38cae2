// Owns the archive of several pictures: client-zip packs them as they are, one after the other, as a stream.
// Must not hold their bytes: they go from one Blob of the browser's into another.
import { downloadZip } from "client-zip";

/** A Blob with these files. @param {{ name: string, input: Blob | string }[]} files */
export const zip = (files) => downloadZip(files).blob();
