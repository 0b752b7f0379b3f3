// The one live region: what changed, for those who cannot see it.
import { signal } from "@preact/signals";

export const announcement = signal("");

export function announce(text: string): void {
  // The same words again are read again.
  announcement.value = text === announcement.value ? `${text}\u00a0` : text;
}
