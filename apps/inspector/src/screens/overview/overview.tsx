import { peersOf, roleOf, rolesIn } from "../../model/identity.ts";
import type { Problem } from "../../model/problems.ts";
import { sumOf } from "../../model/streams.ts";
import { isOwn, tellingsOf } from "../../model/tellings.ts";
import { EventList } from "../../parts/event-list.tsx";
import { formatCount, formatRate } from "../../parts/format.ts";
import { Link } from "../../parts/link.tsx";
import { RoleMark } from "../../parts/peer-mark.tsx";
import { Sparkline } from "../../parts/sparkline.tsx";
import { Framed } from "../../parts/states.tsx";
import { view } from "../../shell/app.ts";
import { courses } from "../../shell/courses.ts";

const eventsShown = 20;

/** The first look: is it well, and if not, where. */
export function Overview() {
  const { problems, verdict, events, snapshot } = view.value;
  const areTold = events.some(({ peer }) => peer !== snapshot.me);
  const worst = problems[0]?.severity ?? "well";
  return (
    <Framed title="Overview">
      <p class={`verdict ${worst}`} data-testid="verdict">
        <span class="dot" aria-hidden="true" />
        {verdict}
      </p>
      <Problems problems={problems} />
      <Figures />
      <div class="columns">
        <section aria-labelledby="roles">
          <h2 id="roles">Roles</h2>
          <Roles />
        </section>
        <section aria-labelledby="newest">
          <h2 id="newest">Last events</h2>
          <EventList
            tellings={tellingsOf(
              events,
              eventsShown,
              (event) => !areTold || !isOwn(event, snapshot.me),
            )}
            snapshot={snapshot}
            label="The last events, newest first"
          />
        </section>
      </div>
    </Framed>
  );
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul class="problems" aria-label="Problems, the worst first">
      {problems.map(({ severity, title, detail, screen, selected }) => (
        <li key={`${title} ${detail}`} class={severity}>
          <Link screen={screen} to={{ selected }}>
            <span class="badge">{severity}</span>
            <strong>{title}</strong>
            <span>{detail}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Figures() {
  const { snapshot, streams, groups } = view.value;
  const subscriptions = streams.flatMap((stream) => stream.subscriptions);
  const rate = sumOf(subscriptions.map(({ itemsPerSecond }) => itemsPerSecond));
  const dropped = subscriptions.reduce((sum, one) => sum + one.dropped, 0);
  const figures = [
    {
      name: "Nodes",
      value: formatCount(peersOf(snapshot).length),
      course: "nodes",
      screen: "topology",
    },
    {
      name: "Subscriptions",
      value: formatCount(subscriptions.length),
      course: "subscriptions",
      screen: "streams",
    },
    { name: "Items", value: formatRate(rate), course: "items", screen: "streams" },
    { name: "Dropped", value: formatCount(dropped), course: "dropped", screen: "streams" },
    {
      name: "Commits",
      value: formatCount(groups.reduce((sum, { commit }) => sum + commit, 0)),
      course: "commits",
      screen: "groups",
    },
  ] as const;
  return (
    <dl class="figures">
      {figures.map(({ name, value, course, screen }) => (
        <div key={name}>
          <dt>
            <Link screen={screen}>{name}</Link>
          </dt>
          <dd>{value}</dd>
          <dd class="course">
            <Sparkline values={courses.value[course]} label={`${name}, the last minutes`} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Roles() {
  const { snapshot } = view.value;
  const roles = rolesIn(snapshot);
  const peers = peersOf(snapshot, true);
  return (
    <ul class="roles">
      {roles.map((role) => {
        const count = peers.filter((peer) => roleOf(peer) === role).length;
        return (
          <li key={role}>
            <Link screen="topology" to={{ more: { role } }}>
              <RoleMark role={role} roles={roles} />
              <bdi>{role}</bdi>
              <span class="number">{count}</span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
