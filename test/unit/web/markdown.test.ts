import fc from 'fast-check';
import { renderMarkdown } from '../../../src/web/markdown.ts';

const tagsAllowed = new Set(
  'p br hr strong em s code pre blockquote ul ol li a h2 h3 h4 h5 h6 table thead tbody tr th td'.split(
    ' ',
  ),
);

/** A tag as the sanitizer writes it; a `<` anywhere else is a danger by itself. */
const tag = /<\/?([a-z][a-z0-9]*)((?: [a-z-]+="[^"<>]*")*)(?: \/)?>/g;

/** Every reason why a browser could do more with this HTML than show text and follow a link. */
function dangersOf(html: string): readonly string[] {
  const found = [...html.matchAll(tag)].flatMap(([, name = '', attributes = '']) => [
    ...(tagsAllowed.has(name) ? [] : [`<${name}>`]),
    ...[...attributes.matchAll(/ ([a-z-]+)="([^"]*)"/g)].flatMap(
      ([, attribute = '', value = '']) => {
        if (attribute === 'rel' || attribute === 'start') return [];
        const follows = attribute === 'href' && /^(https?:\/\/|mailto:)/i.test(value);
        return follows ? [] : [`${attribute}=${value}`];
      },
    ),
  ]);
  return html.replaceAll(tag, '').includes('<') ? [...found, 'a loose <'] : found;
}

describe('renderMarkdown', () => {
  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)><a href="javascript:alert(1)">x</a></svg>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#10;script:alert(1))',
    '[x](&#x6A;avascript:alert(1))',
    '[x](vbscript:msgbox(1))',
    '[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
    '<javascript:alert(1)>',
    '![x](https://tracker.example/pixel.png)',
    '![x" onerror="alert(1)](https://a.example/"onerror="alert(1))',
    '[x](https://a.example "title" onmouseover="alert(1)")',
    '[x]: javascript:alert(1)\n\n[x]',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '```"><script>alert(1)</script>\ncode\n```',
    '``` js" onclick="alert(1)\ncode\n```',
    '<style>@import "https://evil.example/x.css"</style>',
    '<form action="https://evil.example"><input name=password></form>',
    '[x](//evil.example/path)',
    '[x](/sign-out)',
    '<base href="https://evil.example/">',
    '<a href="https://a.example" target="_blank" onclick="alert(1)">x</a>',
    '| a |\n|---|\n| <script>alert(1)</script> |',
  ])('makes %j harmless', (payload) => {
    expect(dangersOf(renderMarkdown(payload))).toEqual([]);
  });

  it('makes any mixture of markup harmless', () => {
    const piece = fc.constantFrom(
      ...['<', '>', '"', "'", '&', '#x3c;', '[', ']', '(', ')', '!', '`', '\n', '|', '*', '\\'],
      ...[
        '<script>',
        '</p>',
        'javascript:',
        'https://a.example/',
        'onerror=',
        '<img src=',
        '<!--',
        ']]>',
      ],
      ...['alert(1)', 'x', ' ', '\u0000', '&lt;', '&colon;'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        expect(dangersOf(renderMarkdown(pieces.join('')))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what teachers write', () => {
    expect(
      renderMarkdown(
        '# Show\n\n1. **two** models\n2. *why*\n\nSee [this](https://a.example/?a=1&b=2).',
      ),
    ).toBe(
      '<h3>Show</h3>\n<ol>\n<li><strong>two</strong> models</li>\n<li><em>why</em></li>\n</ol>\n' +
        '<p>See <a href="https://a.example/?a=1&amp;b=2" rel="nofollow noopener">this</a>.</p>\n',
    );
  });

  it('shifts headings below those of the page, and no deeper than HTML has', () => {
    expect(renderMarkdown('# a\n\n## b\n\n###### c', 2)).toBe(
      '<h2>a</h2>\n<h3>b</h3>\n<h6>c</h6>\n',
    );
  });

  it('shows the description of a picture instead of the picture', () => {
    expect(renderMarkdown('![A graph <1>](https://a.example/x.png)')).toBe(
      '<p>A graph &lt;1&gt;</p>\n',
    );
  });

  it.each([
    ['quotes', '> '.repeat(10_000)],
    ['lists', '- '.repeat(10_000)],
    ['brackets', '['.repeat(10_000)],
    ['stars', '*a '.repeat(10_000)],
    ['links', '[a]('.repeat(5_000)],
  ])('comes to an end with nested %s', (_what, text) => {
    expect(renderMarkdown(text).length).toBeGreaterThan(0);
  });
});
