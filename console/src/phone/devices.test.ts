import { expect, test } from "vitest";
import { found, gone, isChoice, sorted } from "./devices";

const HEADSET = { id: "h1", label: "Headset" };
const BUILT_IN = { id: "b1", label: "Built-in" };

const listed = (kind: MediaDeviceKind, deviceId: string, label: string) => ({ kind, deviceId, label });

test("the system's own choice, cameras, and devices without a name are left out", () => {
  expect(
    sorted([
      listed("audioinput", "default", "Default - Headset"),
      listed("audioinput", "communications", "Communications - Headset"),
      listed("audioinput", "h1", "Headset"),
      listed("audiooutput", "s1", "Loudspeaker"),
      listed("videoinput", "c1", "Camera"),
      listed("audioinput", "", ""),
    ]),
  ).toEqual({ microphones: [HEADSET], speakers: [{ id: "s1", label: "Loudspeaker" }] });
});

test("a chosen device is known by its id, and at another socket by its label", () => {
  expect(found(HEADSET, [BUILT_IN, HEADSET])).toEqual(HEADSET);
  expect(found({ id: "old", label: "Headset" }, [BUILT_IN, HEADSET])).toEqual(HEADSET);
  const twins = [HEADSET, { id: "h2", label: "Headset" }];
  expect(found({ id: "old", label: "Headset" }, twins)).toBeNull();
  expect(found(null, [HEADSET])).toBeNull();
});

test("a device is gone when others are there", () => {
  expect(gone(HEADSET, [BUILT_IN])).toBe(true);
  expect(gone(HEADSET, [HEADSET])).toBe(false);
  expect(gone(HEADSET, [])).toBe(false);
  expect(gone(null, [BUILT_IN])).toBe(false);
});

test("what the browser kept may be anything", () => {
  for (const good of [null, HEADSET]) expect(isChoice(good)).toBe(true);
  for (const bad of [undefined, "h1", 1, {}, { id: 1, label: "" }]) expect(isChoice(bad)).toBe(false);
});
