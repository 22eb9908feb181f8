import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { SetupDonePage, SetupPage } from '../../src/web/setup-page.tsx';
import { openBadgeSchool, serveCairn } from '../support/badge.ts';
import { openLetterStop } from '../support/mailed-school.ts';
import { publishLearningFramework, setEveryPolicy } from '../support/learning-framework.ts';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-dev-shm-usage',
  '--no-first-run',
];
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const phone = { width: 360, height: 740 };
const desktop = { width: 1280, height: 860 };

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

const describeWithBrowser = existsSync(executablePath)
  ? describe
  : (name: string, tests: () => void) => {
      describe.skip(`${name} (no browser at ${executablePath})`, tests);
    };

/** Pages that are only there before a school is. */
const previews = [
  renderToString(
    h(SetupPage, { token: 'once', name: '', error: 'The name of the school must not be empty.' }),
  ),
  renderToString(
    h(SetupDonePage, {
      organization: { id: 'x', name: 'Alder Creek School' },
      secret: 'cairn_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
      base: 'https://cairn.example',
    }),
  ),
];

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  let cairn: Awaited<ReturnType<typeof serveCairn>>;
  let school: Awaited<ReturnType<typeof openBadgeSchool>>;
  let credential: string;
  let revoked: string;
  let letters: string;
  let audit: string;

  beforeAll(async () => {
    cairn = await serveCairn();
    school = await openBadgeSchool(cairn);
    credential = await school.award();
    revoked = await school.award();
    await school.publish(credential);
    await school.publish(revoked);
    await school.revoke(revoked);
    await publishLearningFramework(cairn);
    await setEveryPolicy(cairn);
    letters = await openLetterStop(cairn);
    audit = await readFile(axe, 'utf8');
    browser = await chromium.launch({ executablePath, args });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await cairn.stop();
  });

  /** A tab on our site; whatever it complains about fails the test that used it. */
  async function withPage(
    options: BrowserContextOptions,
    use: (page: Page) => Promise<void>,
  ): Promise<void> {
    const context = await browser.newContext({ baseURL: cairn.url, ...options });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => {
      // A 404 that was asked for is no complaint.
      if (message.type() === 'error' && message.location().url !== page.url())
        complaints.push(`${message.text()} ${message.location().url}`);
    });
    try {
      await use(page);
    } finally {
      await context.close();
    }
    expect(complaints).toEqual([]);
  }

  /** The checker is run from outside the page: its content security policy lets nothing else in. */
  async function findViolations(page: Page): Promise<readonly string[]> {
    const run = `${audit}; axe.run(document, { runOnly: ${JSON.stringify(rules)} })`;
    const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(run);
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
    );
  }

  async function assertGood(page: Page): Promise<void> {
    expect(await findViolations(page)).toEqual([]);
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBe(0);
    expect(await page.evaluate('document.images.length')).toBe(
      await page.evaluate('[...document.images].filter((image) => image.naturalWidth > 0).length'),
    );
  }

  async function submit(page: Page): Promise<void> {
    const loaded = page.waitForEvent('load');
    await page.getByRole('button', { name: 'Verify' }).click();
    await loaded;
  }

  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    [phone, desktop].map((viewport) => ({ colorScheme, viewport, wide: viewport.width })),
  );

  it.each(looks)(
    'every page is accessible and fits: $colorScheme, $wide pixels wide',
    async ({ colorScheme, viewport }) => {
      await withPage({ colorScheme, viewport }, async (page) => {
        const paths = [
          '/',
          '/verify',
          '/api/docs',
          `/credentials/${credential}`,
          `/credentials/${revoked}`,
          `/issuers/${school.organization}`,
          `/achievements/${school.achievement}`,
          `/schools/${school.organization}`,
          `/policy/${school.organization}`,
          `/schools/${school.organization}/learning-framework`,
          '/credentials/absent',
          letters,
        ];
        for (const path of paths) {
          await page.goto(path);
          await assertGood(page);
        }
        for (const preview of previews) {
          const body = `<!doctype html>${preview}`;
          await page.route('/preview', (route) =>
            route.fulfill({ contentType: 'text/html', body }),
          );
          await page.goto('/preview');
          await assertGood(page);
        }
        await page.goto('/verify');
        await page.getByLabel('Its text').fill('{"name":"Not signed by anybody"}');
        await submit(page);
        await assertGood(page);
        await page.goto('/verify');
        await submit(page);
        await page.getByRole('alert').waitFor();
        await assertGood(page);
      });
    },
    60_000,
  );

  it('letters are stopped by keyboard alone, without any script', async () => {
    await withPage({ javaScriptEnabled: false, viewport: phone }, async (page) => {
      await page.goto(letters);
      const button = page.getByRole('button', { name: 'Stop the letter' });
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'The weekly letter is stopped' }).waitFor();
      expect(await button.count()).toBe(0);
    });
    await withPage({ viewport: phone }, async (page) => {
      await page.goto(letters);
      await assertGood(page);
    });
  });

  it('a badge is verified by keyboard alone, without any script', async () => {
    await withPage({ javaScriptEnabled: false, viewport: desktop }, async (page) => {
      const press = (key: string) => page.keyboard.press(key);
      await page.goto('/verify');
      await press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Skip to the content');
      await press('Enter');
      await press('Tab');
      expect(await page.locator(':focus').getAttribute('id')).toBe('file');
      await press('Tab');
      expect(await page.locator(':focus').getAttribute('id')).toBe('url');
      await page.keyboard.type(`${cairn.url}/credentials/${credential}`);
      await press('Tab');
      await press('Tab');
      expect(await page.locator(':focus').innerText()).toBe('Verify');
      await press('Enter');
      await page.getByRole('heading', { level: 1, name: 'This badge is valid' }).waitFor();
    });
  });

  it('a downloaded picture is verified by upload', async () => {
    await withPage({ viewport: phone }, async (page) => {
      await page.goto(`/credentials/${credential}`);
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'PNG' }).click();
      const file = await (await downloading).path();
      await page.goto('/verify');
      await page.getByLabel('A file').setInputFiles(file);
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByRole('heading', { level: 1, name: 'This badge is valid' }).waitFor();
    });
  });

  const valid = (page: Page) =>
    page.getByRole('heading', { level: 1, name: 'This badge is valid' }).waitFor();

  it('a link with the badge in it leads to the result, and does not stay in the address', async () => {
    const document = await (await fetch(`${cairn.url}/credentials/${credential}.json`)).text();
    const token = await (await fetch(`${cairn.url}/credentials/${credential}.jwt`)).text();
    const links = [
      `vc=${encodeURIComponent(document)}`,
      `vc=${Buffer.from(document).toString('base64url')}`,
      `vc=${token}`,
      `url=${encodeURIComponent(`${cairn.url}/credentials/${credential}`)}`,
    ];
    await withPage({ viewport: phone }, async (page) => {
      for (const link of links) {
        await page.goto(`/verify#${link}`);
        await valid(page);
        expect(page.url()).toBe(`${cairn.url}/verify`);
      }
      await assertGood(page);
      await page.getByText('Technical details').click();
      await assertGood(page);
    });
  }, 60_000);

  it('a badge is verified when it is dropped or pasted anywhere', async () => {
    const document = await (await fetch(`${cairn.url}/credentials/${credential}.json`)).text();
    const address = `${cairn.url}/credentials/${credential}`;
    const events: readonly (readonly [event: string, kind: 'file' | 'words', content: string])[] = [
      ['drop', 'file', document],
      ['drop', 'words', address],
      ['paste', 'file', document],
      ['paste', 'words', document],
    ];
    await withPage({ viewport: desktop }, async (page) => {
      for (const [event, kind, content] of events) {
        await page.goto('/verify');
        await page.getByText('drop it anywhere').waitFor();
        const add =
          kind === 'file'
            ? `data.items.add(new File([content], 'badge.json', { type: 'application/json' }))`
            : `data.setData('text/plain', content)`;
        await page.evaluate(`{
          const content = ${JSON.stringify(content)};
          const data = new DataTransfer();
          ${add};
          const options = { bubbles: true, cancelable: true };
          document.body.dispatchEvent(${
            event === 'drop'
              ? `new DragEvent('drop', { ...options, dataTransfer: data })`
              : `new ClipboardEvent('paste', { ...options, clipboardData: data })`
          });
        }`);
        await valid(page);
      }
    });
  }, 60_000);

  it('the rubric is a table to a screen reader, on a phone too', async () => {
    await withPage({ viewport: phone }, async (page) => {
      await page.goto(`/credentials/${credential}`);
      const table = page.getByRole('table', { name: 'What was reached, and what was required' });
      expect(await table.getByRole('row').count()).toBe(4);
      expect(await table.getByRole('cell', { name: /Reached/ }).count()).toBe(3);
      const reasoning = table.getByRole('row', { name: /Reasoning/ });
      expect(await reasoning.getByRole('cell', { name: /Reached/ }).innerText()).toMatch(
        /^Advanced/,
      );
    });
  });

  it('a badge prints with what counts and without buttons', async () => {
    await withPage({ viewport: desktop }, async (page) => {
      await page.goto(`/credentials/${credential}`);
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByText('This badge is valid').isVisible()).toBe(true);
      expect(await page.getByText('Noa Lindqvist').isVisible()).toBe(true);
      expect(await page.getByRole('link', { name: 'PNG' }).isVisible()).toBe(false);
    });
  });
});
