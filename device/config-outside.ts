/** What the cloud agent of `act-edge cloud` has of the world outside the broker: data to buy over HTTP 402, and a model that chooses. */
import * as z from 'zod/mini';
import { file, listenHere, matching, required, webUrl, whole } from './config-rules.ts';

/** The simulated data desk (ACT 2.1 PSD-PAY-A402); absent: nothing is sold per request. */
export const deskConfig = z.optional(required({ listen: listenHere }));

/** A model that speaks OpenAI's chat API; absent: what is bought is chosen by rule, the cheapest first. */
export const plannerConfig = z.optional(
  required({
    /** Up to `/chat/completions`, for example `https://dashscope.aliyuncs.com/compatible-mode/v1`. */
    baseUrl: webUrl,
    model: matching(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,95}$/, 'the name of a model'),
    /** With nothing but the API key in it. */
    keyFile: file,
    timeoutSeconds: z._default(whole(1, 600), 60),
  }),
);
