/** Which call the service holds and sends on for an agent. Pure. */

import type { StoryOut } from "../../../api/schema";
import type { Agent } from "../../../live/board";

/** The call whose caller the service holds and sends for this agent; null: there is none, the agent has called the citizen,
 *  or it is another agent's, and this one is asked about it.
 */
export function served(me: Agent, story: StoryOut | null): string | null {
  if (me.state !== "on-call" || story?.direction === "out") return null;
  const own = me.sent === null || (me.sent === "talks" && story !== null && [me.id, null].includes(story.agent));
  return own ? me.call_id : null;
}

/** The call whose recording the agent begins and lets pause: that one, or the one to a citizen with whom the agent talks. */
export function recorded(me: Agent, story: StoryOut | null): string | null {
  return story?.direction === "out" && me.sent === "talks" ? me.call_id : served(me, story);
}
