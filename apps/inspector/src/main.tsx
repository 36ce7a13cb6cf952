import { render } from "preact";
import { Frame } from "./chrome/frame.tsx";
import { join, startClock } from "./shell/app.ts";
import { startCourses } from "./shell/courses.ts";
import { showTheme } from "./shell/preferences.ts";
import { followHistory, inviteOfFragment } from "./shell/route.ts";
import "./styles/index.css";

const root = document.getElementById("app");
if (root === null) throw new Error("the document has a place for the page");

showTheme();
followHistory();
startClock();
startCourses();
render(<Frame />, root);

const invite = inviteOfFragment();
if (invite !== "") void join(invite);
addEventListener("hashchange", () => {
  const next = inviteOfFragment();
  if (next !== "") void join(next);
});
