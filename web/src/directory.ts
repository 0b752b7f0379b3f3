// Lists of the directory, read to their end.
import type { Authority } from "#gen/comity/v1/authority_pb";
import type { Designation } from "#gen/comity/v1/designation_pb";
import type { Law } from "#gen/comity/v1/law_pb";
import type { Participation } from "#gen/comity/v1/participation_pb";
import { directoryService, libraryService, treatyService } from "./client";

type Page<Item> = { items: Item[]; next: string };

export async function allOf<Item>(ask: (pageToken: string) => Promise<Page<Item>>): Promise<Item[]> {
  const found: Item[] = [];
  let token = "";
  do {
    const page = await ask(token);
    found.push(...page.items);
    token = page.next;
  } while (token);
  return found;
}

const pageSize = 1000;

export type Which = { treaty?: string; function?: string; authority?: string };

/** Of one State, or of all with `states/-`. */
export function allDesignations(
  parent: string,
  which: Which,
  signal: AbortSignal,
): Promise<Designation[]> {
  return allOf(async (pageToken) => {
    const page = await (await directoryService()).listDesignations(
      { parent, pageSize, pageToken, ...which },
      { signal },
    );
    return { items: page.designations, next: page.nextPageToken };
  });
}

export function allAuthorities(parent: string, signal: AbortSignal): Promise<Authority[]> {
  return allOf(async (pageToken) => {
    const page = await (await directoryService()).listAuthorities(
      { parent, pageSize, pageToken },
      { signal },
    );
    return { items: page.authorities, next: page.nextPageToken };
  });
}

/** In one treaty, or in all with `treaties/-`; of one State if it is given. */
export function allParticipations(
  parent: string,
  state: string,
  signal: AbortSignal,
): Promise<Participation[]> {
  return allOf(async (pageToken) => {
    const page = await (await treatyService()).listParticipations(
      { parent, state, pageSize, pageToken },
      { signal },
    );
    return { items: page.participations, next: page.nextPageToken };
  });
}

export function allLaws(parent: string, signal: AbortSignal): Promise<Law[]> {
  return allOf(async (pageToken) => {
    const page = await (await libraryService()).listLaws(
      { parent, pageSize, pageToken },
      { signal },
    );
    return { items: page.laws, next: page.nextPageToken };
  });
}
