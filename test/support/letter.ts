import type { Mail } from '../../src/shared/mail.ts';

export const letter: Mail = {
  id: '1@cairn.example',
  from: { address: 'letters@school.example' },
  to: { address: 'gus@home.example' },
  subject: 'The week',
  text: 'Hello',
  html: '<p>Hello</p>',
  language: 'en',
  stop: 'https://cairn.example/letters/stop/x',
};
