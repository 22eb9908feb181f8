import { Router } from 'express';
import { usualLanguage } from '../domain/vocabulary.ts';
import type { LetterStop, LetterStopService } from '../services/letters/letter-stops.ts';
import { Page } from './components/layout.tsx';
import { sendPage } from './page.ts';
import { voiceIn } from './wording.ts';

/**
 * Where whoever got a weekly letter stops them, without an account: the address is what lets them. Programs that look
 * after mail open it on their own, so that only the button does something; mail programs press it by RFC 8058.
 */
export function letterPages(letterStops: LetterStopService): Router {
  const router = Router();

  router.get('/letters/stop/:token', async (request, response) => {
    const { token } = request.params;
    const found = await letterStops.get(token);
    sendPage(response, <StopPage token={token} {...found} />, 'no-store');
  });

  router.post('/letters/stop/:token', async (request, response) => {
    const { token } = request.params;
    const found = await letterStops.stop(token);
    sendPage(response, <StopPage token={token} {...found} />, 'no-store');
  });

  return router;
}

function StopPage({ token, school, language, isStopped }: LetterStop & { readonly token: string }) {
  const voice = voiceIn(language, school);
  const words = voice.texts.letters;
  return (
    <Page title={isStopped ? words.stopped : words.title} voice={voice}>
      <div class="wrap narrow">
        <p class="eyebrow" lang={usualLanguage(school)}>
          {school.name}
        </p>
        <h1>{isStopped ? words.stopped : words.title}</h1>
        <p class="lead">{isStopped ? words.done(voice.say) : words.text(voice.say)}</p>
        {!isStopped && (
          <form class="form" method="post" action={`/letters/stop/${token}`}>
            <button class="button" type="submit">
              {words.button}
            </button>
          </form>
        )}
      </div>
    </Page>
  );
}
