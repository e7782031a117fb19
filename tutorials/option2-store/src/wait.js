// @ts-check
// The second button cannot be pressed while its last call is under way.
document.addEventListener("callbacks:call", ({ detail }) => {
  const button = document.querySelector("#button2");
  if (detail.output !== "waited.data" || !(button instanceof HTMLButtonElement)) return;
  button.disabled = detail.state === "waiting" || detail.state === "running";
});
