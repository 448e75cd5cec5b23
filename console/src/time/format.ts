/** Durations, and times on the hotline's clock, as people read them. */

import type { Language } from "../texts/texts";
import { clock, hotlineZone } from "./zone";

/** `0:42`, `12:05`, `1:02:03`; what is below zero is 0:00. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3_600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Seconds since a moment that the service sent. */
export function secondsSince(since: string, now: number): number {
  return (now - Date.parse(since)) / 1_000;
}

/** The time of day: `14:03:12`. */
export function timeOfDay(at: number, language: Language): string {
  return shown(at, language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** The time of day without seconds: `14:03`. */
export function hourAndMinute(at: number, language: Language): string {
  return shown(at, language, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** The day: `3 Mar 2026`, `2026年3月3日`. `written`: ISO 8601. */
export function day(written: string, language: Language): string {
  return shown(Date.parse(written), language, { dateStyle: "medium" });
}

/** Day and time: `2026-03-03 14:03:12`. `written`: ISO 8601. */
export function moment(written: string): string {
  return clock(Date.parse(written));
}

/** A moment of the last weeks: `12 Nov, 14:03`. */
export function dayAndTime(at: number, language: Language): string {
  return shown(at, language, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
}

function shown(at: number, language: Language, form: Intl.DateTimeFormatOptions): string {
  const options = { ...form, timeZone: hotlineZone() };
  return new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", options).format(at);
}

/** Stands for a figure that is not known. */
export const NOTHING = "–";

/** `91 %`; null: there is nothing to count yet. */
export function percent(value: number | null): string {
  return value === null ? NOTHING : `${Math.round(value)} %`;
}
