import { Link } from "../parts/link.tsx";
import { screens } from "../screens/index.ts";
import { source, view } from "../shell/app.ts";
import { route } from "../shell/route.ts";

/** The screens, and which one is shown. */
export function Navigation({ current }: { readonly current: string }) {
  const isEmpty = source.value.kind === "none";
  const shown = screens.filter(({ standsAlone }) => standsAlone || !isEmpty);
  const { problems } = view.value;
  return (
    <nav aria-label="Screens">
      <ul>
        {shown.map(({ id, title, key, icon }) => (
          <li key={id}>
            <Link screen={id} current={id === current} to={carried()}>
              <svg viewBox="0 0 16 16" aria-hidden="true">
                <path d={icon} />
              </svg>
              <span class="name">{title}</span>
              {id === "overview" && problems.length > 0 && (
                <span class="badge" title={`${problems.length} problems`}>
                  {problems.length}
                </span>
              )}
              {key !== undefined && <kbd>g {key}</kbd>}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function carried(): { readonly at: number | undefined } {
  return { at: route.value.at };
}
