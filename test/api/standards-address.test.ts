import { Ajv2019 } from 'ajv/dist/2019.js';
import formats from 'ajv-formats';
import request from 'supertest';
import { startCairn, type TestCairn } from '../support/cairn.ts';
import { foundSchool, type ListedStandard } from '../support/frameworks.ts';
import { describeWithSharedData, readSharedJson } from '../support/shared-data.ts';

describe('a standard that a school wrote', () => {
  let cairn: TestCairn;
  let item: string;
  let framework: string;

  beforeAll(async () => {
    cairn = await startCairn();
    const { organization } = await cairn.services.organizations.operator();
    const school = await foundSchool(cairn, organization);
    const report = await school.reportOf(
      'code,statement,grade\nNS.1,Adds <b>fractions</b>,05\n',
      '?title=Numbers',
    );
    const [standard] = (await school.standardsOf(report.framework.id)) as (ListedStandard & {
      uri: string;
    })[];
    item = new URL(standard?.uri ?? '').pathname;
    framework = report.framework.id ?? '';
  });
  afterAll(async () => {
    await cairn.close();
  });

  it('answers at the address that credentials point at', async () => {
    const answer = await request(cairn.app).get(item).set('Accept', 'application/json');

    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
    expect(answer.body).toMatchObject({
      humanCodingScheme: 'NS.1',
      fullStatement: 'Adds <b>fractions</b>',
      CFDocumentURI: { title: 'Numbers' },
    });
    expect(framework).not.toBe('');
  });

  it('is a page for people, with its text as text', async () => {
    const answer = await request(cairn.app).get(item).set('Accept', 'text/html');

    expect(answer.type).toBe('text/html');
    expect(answer.text).toContain('Adds &lt;b>fractions&lt;/b>');
  });

  it('leads on to its framework', async () => {
    const { body } = (await request(cairn.app).get(item)) as {
      body: { CFDocumentURI: { uri: string } };
    };
    const answer = await request(cairn.app).get(new URL(body.CFDocumentURI.uri).pathname);

    expect(answer.body).toMatchObject({ title: 'Numbers' });
  });

  it('that nobody wrote is a 404', async () => {
    const answer = await request(cairn.app).get(
      '/ims/case/v1p1/CFItems/8d3e0cf2-4c1c-4b7a-9d35-5a3fd0c27c1e',
    );
    expect(answer.body).toMatchObject({ status: 404, code: 'standard.not_found' });
  });

  describeWithSharedData('by the CASE 1.1 schema', () => {
    it('is a CFItem', async () => {
      const ajv = new Ajv2019({ strict: false });
      formats.default(ajv);
      const check = ajv.compile(
        readSharedJson('spec/schemas/case-v1p1/case_v1p1_cfitem-jsonschema1.json') as object,
      );
      const answer = await request(cairn.app).get(item);

      expect(check(answer.body) ? [] : check.errors).toEqual([]);
    });
  });
});
