import { render } from "preact";
import { pages } from "./pages";
import { match } from "./router";
import { Shell } from "./shell";
import { applyTheme } from "./theme";

applyTheme();
// Fetched while what is around it is drawn; the shell says when that fails.
match(pages, location.pathname)?.page.load().catch(() => {});
render(<Shell />, document.getElementById("app")!);
