// Owns canvas work, as a worker: paints one picture after the other anew, and encodes it. What else
// a file said (place, time, device) is lost. Must not keep a picture, nor decide what is painted:
// `browser/image_worker.rs` does. [id, …] is answered with [id, Blob], with [id, "unreadable"] if
// the browser sees no picture, with [id, null] if it cannot paint, or if its canvas gives back other
// pixels than were painted, as protection against fingerprinting does.

/**
 * @param {ImageBitmapSource} source @param {number} longest side of the result, in pixels
 * @param {string} type of the result; empty: what its pixels need @param {number} [quality]
 */
const paint = async (source, longest, type, quality) => {
  const upright = createImageBitmap(source, { imageOrientation: "from-image" });
  const bitmap = await upright.catch(() => null);
  if (!bitmap) return "unreadable";
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  const scaled = (side = 0) => Math.round(side * scale) || 1;
  const [width, height] = [scaled(bitmap.width), scaled(bitmap.height)];
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  const pixels = () => context.getImageData(0, 0, width, height).data;
  if (type === "pixels") return pixels();
  type ||= pixels().some((value, at) => at % 4 === 3 && value < 255) ? "image/png" : "image/jpeg";
  return canvas.convertToBlob({ type, quality });
};

/** Has known pixels encoded, decoded and read back. Nobody sees a few wrong bits. */
const isNoise = async () => {
  const known = Uint8ClampedArray.from({ length: 16 * 16 * 4 }, (_, at) =>
    at % 4 === 3 ? 255 : (at * 37) % 256,
  );
  const file = /** @type {Blob} */ (await paint(new ImageData(known, 16), 16, "image/png"));
  const read = /** @type {Uint8ClampedArray} */ (await paint(file, 16, "pixels"));
  return known.some((value, at) => Math.abs(value - read[at]) > 8);
};

let turn = Promise.resolve();
onmessage = ({ data: [id, source, longest, type, quality] }) => {
  const job = async () => ((await isNoise()) ? null : paint(source, longest, type, quality));
  const painted = turn.then(job).catch(() => null);
  turn = painted.then((it) => postMessage([id, it]));
};
