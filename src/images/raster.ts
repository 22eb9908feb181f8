import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';

/** The renderer drops text silently when it has no font file; the system's fonts would differ from host to host. */
const font = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
);

/** PNG of a badge that `renderBadge` drew. Never hand in other SVG: the renderer would open files that it names. */
export async function renderBadgePng(svg: string, size = 600): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    fitTo: { mode: 'width', value: size },
    font: { loadSystemFonts: false, fontFiles: [font], defaultFontFamily: 'Inter' },
  });
  return image.asPng();
}
