# Homebrew formula for a tap. On macOS there is no Luna client that confkit could load: edit, lint, diff and convert work.
# After it is filled in: brew update-python-resources confkit, brew audit --strict --new confkit, brew test confkit.
class Confkit < Formula
  include Language::Python::Virtualenv

  desc "Edit, lint and live-check the configuration file of the Thales Luna HSM client"
  homepage "https://github.com/luna-confkit/confkit"
  url "https://github.com/luna-confkit/confkit/releases/download/v@VERSION@/luna_confkit-@VERSION@.tar.gz"
  sha256 "@SHA256@"
  license "Apache-2.0"

  depends_on "libyaml"
  depends_on "python@3.13"

  def install
    virtualenv_install_with_resources
  end

  test do
    (testpath/"Chrystoki.conf").write "Chrystoki2 = {\n   LibUNIX64 = /usr/lib/libCryptoki2_64.so;\n}\n"
    system bin/"confkit", "lint", "Chrystoki.conf"
    system bin/"confkit", "set-timeout", "8", "-c", "Chrystoki.conf"
    assert_match "8", shell_output("#{bin}/confkit get HAConfiguration statusTimeout -c Chrystoki.conf")
  end
end
