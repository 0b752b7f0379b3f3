// Light, dark, or what the system says.
import { effect, signal } from "@preact/signals";
import { keep, readKept } from "./i18n";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const theme = signal<Theme>(
  themes.find((one) => one === readKept("theme")) ?? "system",
);

export function setTheme(chosen: Theme): void {
  keep("theme", chosen);
  theme.value = chosen;
}

export function applyTheme(): void {
  effect(() => {
    if (theme.value === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme.value;
  });
}
