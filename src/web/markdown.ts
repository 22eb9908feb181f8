import MarkdownIt from 'markdown-it';
import sanitizeHtml from 'sanitize-html';

/** HTML in the text stays text, and a picture becomes its description: remote images would tell who reads a page. */
const parser = new MarkdownIt({ html: false, linkify: false, maxNesting: 20 });
parser.renderer.rules.image = (tokens, index) =>
  parser.utils.escapeHtml(tokens[index]?.content ?? '');

const allowedTags = [
  ...['p', 'br', 'hr', 'strong', 'em', 's', 'code', 'pre', 'blockquote', 'ul', 'ol', 'li', 'a'],
  ...['h2', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td'],
];

/** Only whole addresses: a path would lead into this Cairn, whatever page it stands on. */
const safeAddress = /^(https?:\/\/|mailto:)/i;

/**
 * Markdown from people as HTML that is safe on any page.
 * @param topHeading the level that `#` becomes, so that the page keeps its own outline
 */
export function renderMarkdown(markdown: string, topHeading: 2 | 3 | 4 = 3): string {
  return sanitizeHtml(parser.render(markdown), {
    allowedTags,
    allowedAttributes: { a: ['href', 'rel'], ol: ['start'] },
    allowedSchemes: ['http', 'https', 'mailto'],
    allowProtocolRelative: false,
    transformTags: {
      a: (_tag, { href = '' }) => ({
        tagName: 'a',
        attribs: safeAddress.test(href) ? { href, rel: 'nofollow noopener' } : {},
      }),
      ...Object.fromEntries(
        [1, 2, 3, 4, 5, 6].map((level) => [`h${level}`, `h${Math.min(level - 1 + topHeading, 6)}`]),
      ),
    },
  });
}
