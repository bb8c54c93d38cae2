// Owns canvas work, in a worker: paints pictures anew, which loses a file's place, time and device.
// Must not keep one, nor decide what is painted: `browser/image_worker.rs` does. The answer is
// [id, Blob]; [id, "unreadable"] if the browser sees no picture; [id, null] if it cannot paint, or
// its canvas gives back other pixels than were painted, against fingerprinting.
/** @param {ImageBitmapSource} data @param {number} longest side of the result, in pixels
 *  @param {string} type empty: what its pixels need @param {number} [quality] */
const paint = async (data, longest, type, quality) => {
  const image = await createImageBitmap(data, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return "unreadable";
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const scaled = (side = 0) => Math.round(side * scale) || 1;
  const [width, height] = [scaled(image.width), scaled(image.height)];
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  const pixels = () => context.getImageData(0, 0, width, height).data;
  if (type === "pixels") return pixels();
  type ||= pixels().some((value, at) => at % 4 === 3 && value < 255) ? "image/png" : "image/jpeg";
  return canvas.convertToBlob({ type, quality });
};
/** Has known pixels encoded, decoded and read back. Nobody sees a few wrong bits. */
const isNoise = async () => {
  const known = new Uint8ClampedArray(1024).map((_, at) => (at % 4 < 3 ? (at * 37) % 256 : 255));
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
