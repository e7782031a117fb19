// Loads the page again when there is a new book, and shows what is wrong while there cannot be one.
(() => {
    let first;
    let shown;

    function show(findings) {
        shown?.remove();
        shown = undefined;
        if (findings.length === 0) {
            return;
        }
        shown = document.createElement("pre");
        shown.id = "book-findings";
        shown.setAttribute("role", "alert");
        shown.textContent = ["This is the book as it was before. The chapters have mistakes:", "", ...findings].join("\n");
        Object.assign(shown.style, {
            position: "fixed",
            inset: "auto 0 0 0",
            maxHeight: "50vh",
            margin: 0,
            padding: "1rem",
            overflow: "auto",
            zIndex: 1000,
            color: "#ffffff",
            background: "#7f1d1d",
            whiteSpace: "pre-wrap",
        });
        document.body.append(shown);
    }

    new EventSource("/.book/events").addEventListener("message", (event) => {
        const news = JSON.parse(event.data);
        first ??= news.number;
        if (news.number === first) {
            show(news.findings);
        } else {
            location.reload();
        }
    });
})();
