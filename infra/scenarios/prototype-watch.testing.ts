// Loaded into the workers before anything else: says so once Object.prototype is not what it was.
const before = Reflect.ownKeys(Object.prototype).length;
setInterval(() => {
  const now = Reflect.ownKeys(Object.prototype);
  if (now.length !== before) console.error('PROTOTYPE CHANGED', now);
}, 20).unref();
