// Loads the page again when there is a new book, and shows what is wrong while there cannot be one.
(() => {
    const overlay = document.createElement("pre");
    overlay.id = "book-findings";
    overlay.setAttribute("role", "alert");
    overlay.style.cssText =
        "position: fixed; inset: auto 0 0 0; z-index: 1000; max-height: 50vh; margin: 0; padding: 1rem; overflow: auto; " +
        "color: #ffffff; background: #7f1d1d; white-space: pre-wrap";
    let first;

    async function look() {
        const answer = await fetch("/.book/news");
        const { number, findings } = await answer.json();
        first ??= number;
        if (number !== first) location.reload();
        overlay.textContent = ["This is the book as it was before. The chapters have mistakes:", "", ...findings].join("\n");
        if (findings.length === 0) overlay.remove();
        else document.body.append(overlay);
    }

    // While the program is being started again, there is no answer.
    setInterval(() => look().catch(() => {}), 500);
})();
