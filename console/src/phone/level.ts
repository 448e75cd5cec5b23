/** How loud a microphone is. */

/** Decibels below the loudest there is: the lowest that a meter shows. */
const FLOOR = 60;

/** Amplitudes, 0 to 1, between what cannot be understood, what is hard to understand, and what is distorted. */
const SILENT = 0.003;
const QUIET = 0.03;
const CLIPPED = 0.99;

export type Verdict = "silent" | "quiet" | "good" | "clipped";

/** Of the loudest amplitude while somebody spoke. */
export function verdict(peak: number): Verdict {
  if (peak < SILENT) return "silent";
  if (peak < QUIET) return "quiet";
  return peak < CLIPPED ? "good" : "clipped";
}

export function peakOf(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** Where a meter stands, 0 to 1: ears hear decibels. */
export function height(peak: number): number {
  return peak <= 0 ? 0 : Math.max(0, Math.min(1, 1 + (20 * Math.log10(peak)) / FLOOR));
}

/** Milliseconds between two looks at the microphone. */
const EVERY = 50;

/** `report` gets the loudest amplitude of each moment. Answers how to stop. */
export function measure(stream: MediaStream, report: (peak: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 4096 }); // 85 ms at 48 kHz: nothing between two looks is missed
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    report(peakOf(samples));
  }, EVERY);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
