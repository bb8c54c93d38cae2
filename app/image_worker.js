// Owns canvas work, as a worker: a picture is painted anew before it may be sent, at most `longest` pixels a side and 4 MB
// big, with nothing left of what its file said besides (place, time, device).
// Must not keep any of it. Answers with a Blob; with "unreadable" if this browser sees no picture in it; with "noise" if
// its canvas gives back something else than was painted, as protection against fingerprinting does.
const MAX_BYTES = 4 * 1024 * 1024;
const QUALITY = 0.9;

const hasHoles = ({ data }) => {
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
};

/** A few wrong bits are no noise: nobody sees them. */
const isNoise = () => {
  const context = new OffscreenCanvas(8, 8).getContext("2d");
  const color = [10, 120, 250, 255];
  context.fillStyle = `rgb(${color.slice(0, 3)})`;
  context.fillRect(0, 0, 8, 8);
  return context.getImageData(0, 0, 8, 8).data.some((value, at) => Math.abs(value - color[at % 4]) > 8);
};

const upload = async (file, longest) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return "unreadable";
  try {
    return isNoise() ? "noise" : await painted(bitmap, file.type, longest);
  } finally {
    bitmap.close();
  }
};

const painted = async (bitmap, given, longest) => {
  let scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  let type;
  for (;;) {
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, 0, 0, width, height);
    type ??= given !== "image/jpeg" && hasHoles(context.getImageData(0, 0, width, height)) ? "image/png" : "image/jpeg";
    const blob = await canvas.convertToBlob({ type, quality: QUALITY });
    if (blob.size <= MAX_BYTES) return blob;
    // Where a browser writes no webp it writes png, and only smaller helps.
    if (type === "image/png") type = "image/webp";
    else scale *= 0.8;
  }
};

onmessage = async ({ data: [file, longest] }) => postMessage(await upload(file, longest).catch(() => "noise"));
