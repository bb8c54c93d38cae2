// Owns how a picture becomes one that may be sent: painted anew, at most `longest` pixels a side and 4 MB big, with nothing left
// of what its file said besides (place, time, device). Loaded with the first picture that is given.
// Must not keep any of it.
const MOST_BYTES = 4 * 1024 * 1024;
const QUALITY = 0.9;

/** A Blob of the picture that a Blob holds; fails if this browser sees none in it. */
export const shrink = async (file, longest) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    let scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
    let type;
    for (;;) {
      const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext("2d");
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, 0, 0, width, height);
      type ??= file.type !== "image/jpeg" && hasHoles(context.getImageData(0, 0, width, height)) ? "image/png" : "image/jpeg";
      const blob = await canvas.convertToBlob({ type, quality: QUALITY });
      if (blob.size <= MOST_BYTES) return blob;
      // Where a browser writes no webp it writes png, and only smaller helps.
      if (type === "image/png") type = "image/webp";
      else scale *= 0.8;
    }
  } finally {
    bitmap.close();
  }
};

const hasHoles = ({ data }) => {
  for (let at = 3; at < data.length; at += 4) if (data[at] < 255) return true;
  return false;
};
