/** Durations and times of the day as people read them. Pure. */

import type { Language } from "../texts/texts";

/** `0:42`, `12:05`, `1:02:03`; what is below zero is 0:00. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Seconds since a moment that the service told. */
export function secondsSince(since: string, now: number): number {
  return (now - Date.parse(since)) / 1_000;
}

/** The time of day on this computer's clock: `14:03:12`. */
export function timeOfDay(at: number, language: Language): string {
  const form: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", form).format(at);
}

/** The day on this computer's calendar: `3 Mar 2026`, `2026年3月3日`. `told`: ISO 8601. */
export function day(told: string, language: Language): string {
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium" }).format(
    Date.parse(told),
  );
}

/** Day and time on this computer's clock: `2026-03-03 14:03:12`, in the order of which it can be sorted. */
export function moment(told: string): string {
  const at = new Date(told);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** A moment of the last weeks on this computer's clock: `12 Nov, 14:03`. */
export function dayAndTime(at: number, language: Language): string {
  const form: Intl.DateTimeFormatOptions = {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", form).format(at);
}

/** Stands for a figure that is not known. */
export const NOTHING = "–";

/** `91 %`; null: there is nothing to count yet. */
export function percent(value: number | null): string {
  return value === null ? NOTHING : `${Math.round(value)} %`;
}
