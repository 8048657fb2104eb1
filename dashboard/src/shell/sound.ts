import type { Severity } from '#shared/kernel/severity.ts';

/** Two tones each, Hz: the graver, the higher and the wider apart. */
const TONES: Readonly<Record<Severity, readonly [number, number]>> = {
  INFO: [392, 440],
  WARN: [440, 554],
  ERROR: [554, 740],
  CRITICAL: [880, 1320],
};
const TONE_SECONDS = 0.16;
const LOUDNESS = 0.12;

let context: AudioContext | undefined;

/** Plays the sound of a severity; a browser that forbids it before the first click stays silent. */
export function playSound(severity: Severity): void {
  context ??= new AudioContext();
  void context.resume().catch(() => {});
  const gain = context.createGain();
  gain.connect(context.destination);
  const start = context.currentTime;
  TONES[severity].forEach((hertz, index) => {
    const tone = context!.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(start + index * TONE_SECONDS);
    tone.stop(start + (index + 1) * TONE_SECONDS);
  });
  gain.gain.setValueAtTime(LOUDNESS, start);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 2.5 * TONE_SECONDS);
}
