// What both SDK scripts share. Each prints one JSON value per line on its standard output, which
// the test reads: an answer, an event, or {"error": ...}.

export const [baseURL, command] = process.argv.slice(2);

export function print(value) {
  process.stdout.write(JSON.stringify(value) + '\n');
}

/** Runs the command of the command line. What it throws is printed, and is not a failure. */
export async function run(commands) {
  try {
    await commands[command]();
  } catch (error) {
    print({
      error: error.constructor.name,
      status: error.status ?? null,
      type: error.headers?.get('content-type') ?? null,
      requestID: error.requestID ?? null,
      message: error.message,
    });
  }
}

/** Prints the events of a stream; after the first one it gives it up by the controller. */
export async function abortAfterFirst(stream, controller) {
  for await (const event of stream) {
    print(event);
    print('aborting');
    controller.abort();
  }
  print('ended');
}

/** Begins a call and gives it up when the test writes a line. */
export async function abortWhenTold(call) {
  const controller = new AbortController();
  process.stdin.once('data', () => {
    process.stdin.pause();
    print('aborting');
    controller.abort();
  });
  print(await call(controller.signal));
}
