// The map of the world as paths, drawn once at build time.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";

const width = 960;
const height = 470;

/**
 * `shapes`: SVG path by UN M49 code (the same number as ISO 3166-1's).
 * `dots`: middle of what is too small to have a shape at this scale.
 */
export async function drawWorld(modules) {
  const read = async (scale) =>
    JSON.parse(await readFile(join(modules, "world-atlas", `countries-${scale}.json`), "utf8"));
  const features = async (scale) => {
    const topology = await read(scale);
    return feature(topology, topology.objects.countries).features;
  };
  const coarse = await features("110m");
  const projection = geoEqualEarth().fitExtent(
    [[4, 4], [width - 4, height - 4]],
    { type: "Sphere" },
  );
  const path = geoPath(projection).digits(1);
  const shapes = {};
  for (const one of coarse) {
    // Antarctica is nobody's here; what has no number is under no State's code.
    if (one.id === undefined || one.id === "010") continue;
    shapes[one.id] = path(one);
  }
  const dots = {};
  for (const one of await features("50m")) {
    if (one.id === undefined || one.id === "010" || shapes[one.id]) continue;
    dots[one.id] = path.centroid(one).map((value) => Math.round(value * 10) / 10);
  }
  return { width, height, outline: path({ type: "Sphere" }), shapes, dots };
}
