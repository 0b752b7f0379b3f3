// Every page, one line each. The first path that fits wins.
import type { PageEntry } from "./router";

export const pages: readonly PageEntry[] = [
  { path: "/", load: () => import("./pages/home") },
  { path: "/search", load: () => import("./pages/search") },
  { path: "/laws/:state/:law", load: () => import("./pages/law") },
  { path: "/coverage", load: () => import("./pages/coverage") },
  { path: "/import", load: () => import("./pages/import") },
  { path: "/states", load: () => import("./pages/states") },
  { path: "/states/:state", load: () => import("./pages/state") },
  { path: "/authorities/:state/:id", load: () => import("./pages/authority") },
  { path: "/functions", load: () => import("./pages/functions") },
  { path: "/functions/:id", load: () => import("./pages/function") },
  { path: "/treaties", load: () => import("./pages/treaties") },
  { path: "/treaties/:id", load: () => import("./pages/treaty") },
];

/** What the header leads to, of what is there: path and key in `common.ts`. */
export const navigation = [
  { path: "/", text: "navHome" },
  { path: "/search", text: "navSearch" },
  { path: "/states", text: "navStates" },
  { path: "/functions", text: "navFunctions" },
  { path: "/treaties", text: "navTreaties" },
  { path: "/coverage", text: "navCoverage" },
  { path: "/import", text: "navImport" },
] as const;
