/** A .wav as the service takes it: 16 bits, one channel. Pure. */

const HEADER = 44;
const FULL = 32_767;

export function wavOf(samples: Float32Array, rate: number): Blob {
  const made = new DataView(new ArrayBuffer(HEADER + 2 * samples.length));
  const word = (at: number, letters: string) => {
    for (const [place, letter] of [...letters].entries()) made.setUint8(at + place, letter.charCodeAt(0));
  };
  word(0, "RIFF");
  made.setUint32(4, made.byteLength - 8, true);
  word(8, "WAVEfmt ");
  made.setUint32(16, 16, true);
  made.setUint16(20, 1, true); // plain samples
  made.setUint16(22, 1, true); // one channel
  made.setUint32(24, rate, true);
  made.setUint32(28, 2 * rate, true);
  made.setUint16(32, 2, true);
  made.setUint16(34, 16, true);
  word(36, "data");
  made.setUint32(40, 2 * samples.length, true);
  samples.forEach((sample, place) => {
    const within = Math.max(-1, Math.min(1, sample));
    made.setInt16(HEADER + 2 * place, Math.round(within * FULL), true);
  });
  return new Blob([made], { type: "audio/wav" });
}
