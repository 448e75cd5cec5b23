/** What an agent hears while the phone of somebody else rings: 450 Hz for a second, then four of silence. */

const PITCH = 450; // hertz, as in China's telephone network
const EVERY = 5_000;

export function ringBack(): () => void {
  const context = new AudioContext();
  const tone = () => {
    const note = new OscillatorNode(context, { frequency: PITCH });
    note.connect(new GainNode(context, { gain: 0.1 })).connect(context.destination);
    note.start();
    note.stop(context.currentTime + 1);
  };
  tone();
  const timer = setInterval(tone, EVERY);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
