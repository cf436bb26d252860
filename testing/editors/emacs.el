;;; emacs.el --- Emacs in batch: open, wait for findings, hover, make all safe fixes, save  -*- lexical-binding: t; -*-

;;; Commentary:
;; Opens $CONFKIT_FILE and writes what was seen as JSON into the file that $CONFKIT_SEEN names.

;;; Code:

(require 'package)
(add-to-list 'package-directory-list "/usr/share/emacs/site-lisp/elpa") ; where Debian puts them
(package-initialize)
(require 'eglot)
(require 'flymake)
(require 'json)

(setq eglot-sync-connect 60
      eglot-connect-timeout 60
      eglot-confirm-server-initiated-edits nil
      make-backup-files nil
      create-lockfiles nil)

(defun seen-until (what condition)
  "Wait until CONDITION returns non-nil, for a minute; WHAT is said otherwise."
  (let ((end (+ (float-time) 60)) found)
    (while (and (not (setq found (funcall condition))) (< (float-time) end))
      (accept-process-output nil 0.05))
    (or found (error "No %s after 60 s" what))))

(let ((seen (make-hash-table :test 'equal)))
  (condition-case reason
      (progn
        (find-file (getenv "CONFKIT_FILE"))
        (puthash "mode" (symbol-name major-mode) seen)
        (unless (eglot-managed-p) (call-interactively #'eglot))
        (seen-until "server" #'eglot-current-server)
        (flymake-mode 1)
        (flymake-start)
        (let ((found (seen-until "finding" (lambda () (flymake-start) (flymake-diagnostics)))))
          (puthash "diagnostics"
                   (vconcat (mapcar (lambda (each)
                                      (list (cons "line" (line-number-at-pos (flymake-diagnostic-beg each)))
                                            (cons "message" (flymake-diagnostic-text each))))
                                    found))
                   seen))
        (goto-char (point-min))
        (re-search-forward "statusTimeout\\|ReceiveTimeout\\|RemoteCommand\\|LibUNIX64")
        (backward-char 2)
        (let* ((server (eglot-current-server))
               (hover (jsonrpc-request server :textDocument/hover (eglot--TextDocumentPositionParams)))
               (whole (list :start '(:line 0 :character 0) :end '(:line 100000 :character 0)))
               (actions (jsonrpc-request server :textDocument/codeAction
                                         (list :textDocument (eglot--TextDocumentIdentifier)
                                               :range whole
                                               :context '(:diagnostics [] :only ["source.fixAll.confkit"])))))
          (puthash "hover" (plist-get (plist-get hover :contents) :value) seen)
          (puthash "actions" (length actions) seen)
          (mapc (lambda (action) (eglot--apply-workspace-edit (plist-get action :edit))) actions))
        (save-buffer))
    (error (puthash "error" (error-message-string reason) seen)))
  (with-temp-file (getenv "CONFKIT_SEEN")
    (insert (json-encode seen))))

;;; emacs.el ends here
