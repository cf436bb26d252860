;;; confkit.el --- Configuration of the Thales Luna HSM client  -*- lexical-binding: t; -*-

;;; Commentary:
;; Load this file from your init file.  Eglot is part of Emacs 29; Emacs 26 to 28 have it as a package.

;;; Code:

(require 'conf-mode)

(define-derived-mode chrystoki-mode conf-mode "Chrystoki"
  "Major mode for Chrystoki.conf and crystoki.ini."
  (conf-mode-initialize "#"))

(let ((case-fold-search nil))
  (add-to-list 'auto-mode-alist '("/[Cc]h?rystoki\\.\\(conf\\|ini\\)\\'" . chrystoki-mode)))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(chrystoki-mode . ("confkit" "lsp"))))

(add-hook 'chrystoki-mode-hook 'eglot-ensure)

(provide 'confkit)
;;; confkit.el ends here
