// Owns what is heavy and needs no document: a small copy of a picture, the check sum of its bytes. As a worker it does what
// it is told; where there is none, the page calls it.
// Must not keep any of it.
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? 0xedb88320 ^ (byte >>> 1) : byte >>> 1;
  return byte;
});

export const jobs = {
  /** A copy, so many pixels long. */
  async copy(blob, wide, long) {
    const bitmap = await createImageBitmap(blob, { [wide ? "resizeWidth" : "resizeHeight"]: long, resizeQuality: "high" });
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(bitmap);
    return canvas.convertToBlob({ type: "image/webp", quality: 0.85 });
  },

  /** CRC-32, as a zip wants it. */
  async sum(blob) {
    const reader = blob.stream().getReader();
    let sum = -1;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return ~sum >>> 0;
      for (const byte of value) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
    }
  },
};

if (!globalThis.document)
  onmessage = async ({ data: [id, job, ...rest] }) => {
    try {
      postMessage([id, await jobs[job](...rest)]);
    } catch {
      postMessage([id]);
    }
  };
