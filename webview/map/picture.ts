import type { MapPicture } from '../../src/shared/views/mapView.ts';

/** What is drawn; all else only holds it. */
const DRAWN = new Set(['path', 'rect', 'text']);
/** What a picture needs of the page's styles: in a file of its own, it has none. */
const STYLES = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'paint-order',
  'text-anchor',
];
/** What belongs to the page. */
const ATTRIBUTES = [
  'class',
  'role',
  'tabindex',
  'aria-label',
  'aria-pressed',
  'aria-hidden',
  'data-task',
  'data-group',
];
/** Of a PNG, so that it is sharp on any screen. */
const SCALE = 2;

/** The map as a file that any viewer shows, in the colours of the page. */
export async function pictureOf(svg: SVGSVGElement, ending: MapPicture['ending']): Promise<MapPicture> {
  const text = standalone(svg);
  return { ending, content: ending === 'svg' ? text : await pngOf(text, svg.viewBox.baseVal) };
}

function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, index) => {
    const original = originals[index];
    if (original === undefined || !DRAWN.has(element.tagName)) return;
    const style = getComputedStyle(original);
    for (const name of STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== '') element.setAttribute(name, value);
    }
  });
  for (const element of [copy, ...copy.querySelectorAll('*')])
    for (const name of ATTRIBUTES) element.removeAttribute(name);
  const { width, height } = svg.viewBox.baseVal;
  const ground = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width, height, fill: getComputedStyle(document.body).backgroundColor }))
    ground.setAttribute(name, String(value));
  copy.insertBefore(ground, copy.firstChild);
  for (const [name, value] of Object.entries({ xmlns: 'http://www.w3.org/2000/svg', width, height }))
    copy.setAttribute(name, String(value));
  return new XMLSerializer().serializeToString(copy);
}

/** @returns base64 */
async function pngOf(text: string, { width, height }: { width: number; height: number }): Promise<string> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * SCALE;
  canvas.height = height * SCALE;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, content = ''] = canvas.toDataURL('image/png').split(',');
  return content;
}
