/** The ring tone: two soft notes, every three seconds; louder after five. Made here, so that no file is fetched. */

const NOTES = [659.3, 830.6]; // hertz: a major third
const EVERY = 3_000;
const LOUDER = 5_000;

export function ring(): () => void {
  const context = new AudioContext();
  const began = performance.now();
  const chime = () => {
    const loud = performance.now() - began >= LOUDER ? 0.35 : 0.12;
    NOTES.forEach((pitch, index) => {
      const start = context.currentTime + index * 0.22;
      const note = new OscillatorNode(context, { type: "sine", frequency: pitch });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(loud, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
      note.connect(volume).connect(context.destination);
      note.start(start);
      note.stop(start + 0.9);
    });
  };
  chime();
  const timer = setInterval(chime, EVERY);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
