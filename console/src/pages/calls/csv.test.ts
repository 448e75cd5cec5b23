import { expect, test } from "vitest";
import { csv } from "./csv";

test("cells are quoted where they need it, and none is a formula", () => {
  const rows = [
    ["a", 'b "c"', "d,e", 3, null],
    ["=HYPERLINK(1)", "+86 138****00", "+1+cmd|x", "-1", "@x", "line\nline"],
    ["＝1", "＋1", "－1", "＠x", "\n=1"],
  ];
  expect(csv(rows)).toBe(
    '\uFEFFa,"b ""c""","d,e",3,\r\n' +
      "'=HYPERLINK(1),+86 138****00,'+1+cmd|x,'-1,'@x,\"line\nline\"\r\n" +
      "'＝1,'＋1,'－1,'＠x,\"'\n=1\"\r\n",
  );
});
