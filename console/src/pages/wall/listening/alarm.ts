/** The sound of a call for help: three rising notes, every four seconds. Made here, so that no file is fetched. */

const NOTES = [523.3, 659.3, 784]; // hertz: a major chord
const EVERY = 4_000;
const LOUD = 0.2;

/** Answers how to stop. A browser that has not been touched yet may keep silent: the banner shows the same. */
export function alarm(): () => void {
  const context = new AudioContext();
  const sound = () => {
    NOTES.forEach((pitch, index) => {
      const start = context.currentTime + index * 0.16;
      const note = new OscillatorNode(context, { type: "triangle", frequency: pitch });
      const volume = new GainNode(context, { gain: 0 });
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(LOUD, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 0.5);
      note.connect(volume).connect(context.destination);
      note.start(start);
      note.stop(start + 0.5);
    });
  };
  sound();
  const timer = setInterval(sound, EVERY);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
