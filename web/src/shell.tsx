// What is around every page: header, landmarks, live region, footer.
import { useComputed } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { announcement } from "./announce";
import { common } from "./common";
import { PageTitle } from "./components/page_title";
import { Failed, Loading } from "./components/views";
import { failureOf } from "./client";
import { language, languageNames, languages, type Language } from "./i18n";
import { navigation, pages } from "./pages";
import { here, Link, match, setLanguage, visits, type PageEntry, type PageProps } from "./router";
import { setTheme, theme, themes, type Theme } from "./theme";

export function Shell() {
  const [shown, setShown] = useState(false);
  return (
    <>
      <a class="skip" href="#main">
        {common("skip")}
      </a>
      <Header />
      <main id="main" tabIndex={-1}>
        <CurrentPage onShown={() => setShown(true)} />
      </main>
      {/* Not before the page: it would jump when that comes. */}
      {shown && <Footer />}
      <p class="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
    </>
  );
}

function isCurrent(path: string): boolean {
  const now = here.value.path;
  return path === "/" ? now === "/" : now === path || now.startsWith(`${path}/`);
}

function Header() {
  return (
    <header class="site-header">
      <div class="wide bar">
        <Link to="/" class="brand">
          {common("siteName")}
          <span class="brand-line">{common("siteLine")}</span>
        </Link>
        <div class="switches">
          <label>
            <span class="visually-hidden">{common("language")}</span>
            <select
              id="language"
              value={language.value}
              onChange={(event) => setLanguage(event.currentTarget.value as Language)}
            >
              {languages.map((one) => (
                <option key={one} value={one} lang={one}>
                  {languageNames[one]}
                </option>
              ))}
            </select>
          </label>
          <label>
            <span class="visually-hidden">{common("theme")}</span>
            <select
              id="theme"
              value={theme.value}
              onChange={(event) => setTheme(event.currentTarget.value as Theme)}
            >
              {themes.map((one) => (
                <option key={one} value={one}>
                  {common(
                    one === "system" ? "themeSystem" : one === "light" ? "themeLight" : "themeDark",
                  )}
                </option>
              ))}
            </select>
          </label>
        </div>
      </div>
      <nav class="wide site-nav" aria-label={common("navigation")}>
        <ul>
          {navigation.filter(({ path }) => match(pages, path)).map(({ path, text }) => (
            <li key={path}>
              <Link to={path} aria-current={isCurrent(path) ? "page" : undefined}>
                {common(text)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

type Loaded = { entry: PageEntry; page: ComponentType<PageProps> } | { failed: unknown };

function CurrentPage({ onShown }: { onShown: () => void }) {
  const found = useComputed(() => match(pages, here.value.path)).value;
  const [loaded, setLoaded] = useState<Loaded>();
  const [tries, setTries] = useState(0);
  const entry = found?.page;
  useEffect(() => {
    let wanted = true;
    entry?.load().then(
      (module) => wanted && setLoaded({ entry, page: module.default }),
      (failed: unknown) => wanted && setLoaded({ failed }),
    );
    return () => {
      wanted = false;
    };
  }, [entry, tries]);
  useFocusAfterVisit();
  const isShown = !found || loaded !== undefined;
  useEffect(() => {
    if (isShown) onShown();
  }, [isShown]);
  if (!found) return <NoPage />;
  if (loaded && "failed" in loaded) {
    return (
      <>
        <PageTitle title={common("siteName")} />
        <Failed
          failure={{ ...failureOf(loaded.failed), kind: "unreachable" }}
          retry={() => {
            setLoaded(undefined);
            setTries(tries + 1);
          }}
        />
      </>
    );
  }
  if (!loaded || loaded.entry !== entry) return <Loading />;
  const Page = loaded.page;
  return <Page key={visits.value} params={found.params} />;
}

/** After a step to another page the reader starts at its top. */
function useFocusAfterVisit(): void {
  const first = useRef(true);
  const visit = visits.value;
  useEffect(() => {
    if (!first.current) document.getElementById("main")?.focus({ preventScroll: true });
    first.current = false;
  }, [visit]);
}

function NoPage() {
  return (
    <>
      <PageTitle title={common("noPage")} />
      <p>{common("noPageHelp")}</p>
      <p>
        <Link to="/">{common("navHome")}</Link>
      </p>
    </>
  );
}

/** What the footer shows of GetStats. */
type Stats = { version: string; sequence?: string; index?: { building?: boolean } };

function Footer() {
  const [stats, setStats] = useState<Stats | "gone">();
  const visit = visits.value;
  useEffect(() => {
    // As plain JSON, for every page has this and most start without a service.
    fetch("/v1/stats")
      .then((answer) => (answer.ok ? answer.json() : Promise.reject()))
      .then(setStats, () => setStats("gone"));
  }, [visit]);
  return (
    <footer class="site-footer">
      <div class="wide">
        <p>{common("footerCaution")}</p>
        {common("englishOnly") && <p>{common("englishOnly")}</p>}
        <p class="server-state">
          {stats === "gone" && common("serverGone")}
          {stats && stats !== "gone" && (
            <>
              {common("serverState", {
                version: stats.version,
                sequence: stats.sequence ?? "0",
              })}
              {stats.index?.building && ` · ${common("serverIndexing")}`}
            </>
          )}
        </p>
      </div>
    </footer>
  );
}
