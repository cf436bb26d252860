// The theme gives its search dialog no name; a screen reader needs one.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
