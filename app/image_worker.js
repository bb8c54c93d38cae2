// Owns canvas work, as a worker: uploads, thumbnails and pictures for the clipboard, one after the other.
// Must not keep any of them. Answers a message [number, job, file, …] with [number, Blob], with "unreadable" in the Blob's
// place if this browser sees no picture in the file, and with "noise" if its canvas gives back something else than was
// painted, as protection against fingerprinting does: nothing that such a canvas made may be shown, kept or sent.
const MAX_BYTES = 4 * 1024 * 1024;

/** @param {ImageBitmap} bitmap @param {number} width @param {number} height */
const painted = (bitmap, width, height) => {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return { canvas, pixels: () => context.getImageData(0, 0, width, height).data };
};

/** Paints known pixels, encodes and decodes them, and reads them back. A few wrong bits are no noise: nobody sees them. */
const isNoise = async () => {
  const known = Uint8ClampedArray.from({ length: 16 * 16 * 4 }, (_, at) => (at % 4 === 3 ? 255 : (at * 37) % 256));
  const canvas = painted(await createImageBitmap(new ImageData(known, 16)), 16, 16).canvas;
  const read = painted(await createImageBitmap(await canvas.convertToBlob()), 16, 16).pixels();
  return known.some((value, at) => Math.abs(value - read[at]) > 8);
};

/** @type {Record<string, (file: Blob, longest: number, wide: boolean) => Promise<Blob | string>>} */
const jobs = {
  /** A picture that may be sent: painted anew, nothing is left of what its file said besides (place, time, device). */
  async upload(file, longest) {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
    if (!bitmap) return "unreadable";
    let scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    let type = file.type === "image/jpeg" ? "image/jpeg" : "";
    for (;;) {
      const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
      const { canvas, pixels } = painted(bitmap, width, height);
      type ||= pixels().some((value, at) => at % 4 === 3 && value < 255) ? "image/png" : "image/jpeg";
      const blob = await canvas.convertToBlob({ type, quality: 0.9 });
      if (blob.size <= MAX_BYTES) return blob;
      // Where a browser writes no webp it writes png, and only smaller helps.
      if (type === "image/png") type = "image/webp";
      else scale *= 0.8;
    }
  },
  async thumbnail(file, longest, wide) {
    const size = { [wide ? "resizeWidth" : "resizeHeight"]: longest };
    const bitmap = await createImageBitmap(file, { ...size, resizeQuality: "high" });
    const { canvas } = painted(bitmap, bitmap.width, bitmap.height);
    return canvas.convertToBlob({ type: "image/webp", quality: 0.85 });
  },
  async png(file) {
    const bitmap = await createImageBitmap(file);
    return painted(bitmap, bitmap.width, bitmap.height).canvas.convertToBlob();
  },
};

let turn = Promise.resolve();
onmessage = ({ data: [number, job, file, longest, wide] }) => {
  const answer = async () => ((await isNoise()) ? "noise" : jobs[job](file, longest, wide));
  turn = turn.then(answer).then((it) => postMessage([number, it]), () => postMessage([number, "noise"]));
};
