// Copyright the ulvs authors. SPDX-License-Identifier: Apache-2.0
package org.ulvs.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** Debian's Chromium without a window. It talks to the loopback only. */
final class Browser implements AutoCloseable {
    /** Where screenshots go: docs/screenshots when the property ulvs.screenshots names it. */
    private static final Path SCREENSHOTS = Path.of(System.getProperty("ulvs.screenshots", "target/screenshots"));

    private static final int WIDTH = 1280;
    private static final int MAX_TABS = 60;
    private static final String AXE = axe();

    private final ChromeDriver driver;
    private final boolean script;

    Browser(Path profile, boolean dark, boolean script) {
        this.script = script;
        final ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--hide-scrollbars",
                "--force-prefers-reduced-motion",
                "--user-data-dir=" + profile);
        // the certificate that the tool makes for itself
        options.setAcceptInsecureCerts(true);
        if (dark) {
            options.addArguments("--force-dark-mode", "--blink-settings=preferredColorScheme=0");
        }
        if (!script) {
            options.setExperimentalOption("prefs", Map.of("profile.managed_default_content_settings.javascript", 2));
        }
        final ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(90));
        size(WIDTH, 900);
    }

    private static String axe() {
        try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
            if (in == null) {
                throw new IllegalStateException("axe.min.js is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void size(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    Browser open(String address) {
        driver.get(address);
        return this;
    }

    String origin() {
        final java.net.URI here = java.net.URI.create(String.valueOf(driver.getCurrentUrl()));
        return here.getScheme() + "://" + here.getAuthority();
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    String title() {
        return driver.findElement(By.tagName("h1")).getText();
    }

    Browser type(String name, String value) {
        final WebElement field = driver.findElement(By.name(name));
        field.clear();
        field.sendKeys(value);
        return this;
    }

    Browser choose(String name, String value) {
        driver.findElement(By.cssSelector("select[name='" + name + "'] option[value='" + value + "']"))
                .click();
        return this;
    }

    Browser select(String name) {
        driver.findElement(By.cssSelector("input[name=selected][aria-label=\"" + name + "\"]"))
                .click();
        return this;
    }

    /** Presses the button, or follows the link, with exactly this text. */
    Browser press(String label) {
        return click(
                By.xpath("//button[normalize-space()='" + label + "'] | //a[normalize-space()='" + label + "']"),
                label);
    }

    /** Clicks, and waits for the page that comes of it. */
    private Browser click(By where, String name) {
        final WebElement old = driver.findElement(By.tagName("html"));
        while (true) {
            final List<WebElement> found = driver.findElements(where);
            if (found.isEmpty()) {
                throw new AssertionError("no button \"" + name + "\" on: " + text());
            }
            try {
                found.get(0).click();
                break;
            } catch (StaleElementReferenceException renewed) {
                // an event has replaced that part of the page; nothing has been clicked
            }
        }
        awaitPage(old);
        return this;
    }

    private void awaitPage(WebElement old) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (System.nanoTime() < deadline && isThere(old)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        while (System.nanoTime() < deadline
                && driver.findElements(By.tagName("footer")).isEmpty()) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean isThere(WebElement element) {
        try {
            return !element.getTagName().isEmpty();
        } catch (WebDriverException gone) {
            return false;
        }
    }

    Browser pressNamed(String accessibleName) {
        return click(By.cssSelector("button[aria-label=\"" + accessibleName + "\"]"), accessibleName);
    }

    /** Types to whatever has the focus. */
    Browser keys(CharSequence... keys) {
        driver.switchTo().activeElement().sendKeys(keys);
        return this;
    }

    /** Goes on by tab until something with this text, or accessible name, has the focus. */
    Browser tabTo(String name) {
        for (int i = 0; i < MAX_TABS; i++) {
            keys(Keys.TAB);
            final WebElement focused = driver.switchTo().activeElement();
            if (name.equals(focused.getText()) || name.equals(focused.getAccessibleName())) {
                return this;
            }
        }
        throw new AssertionError("\"" + name + "\" cannot be reached by tab on: " + text());
    }

    /** As {@link #keys}, and waits for the page that comes of it. */
    Browser enter() {
        final WebElement old = driver.findElement(By.tagName("html"));
        keys(Keys.ENTER);
        awaitPage(old);
        return this;
    }

    /** An attribute of the first element of its kind. */
    String attribute(String selector, String name) {
        return String.valueOf(driver.findElement(By.cssSelector(selector)).getDomAttribute(name));
    }

    /** Waits until an element's text is this, as when an event has to arrive. */
    void await(String selector, String text) {
        final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (!has(selector, text)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no \"" + text + "\" at " + selector + " on: " + text());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private boolean has(String selector, String text) {
        try {
            return driver.findElements(By.cssSelector(selector)).stream()
                    .anyMatch(element -> element.getText().contains(text));
        } catch (StaleElementReferenceException renewed) {
            // an event has replaced that part of the page
            return false;
        }
    }

    /** Whether pages may run their script. */
    boolean runsScript() {
        return script;
    }

    /** What axe-core finds against WCAG 2 A and AA: rule and where, none for a good page. */
    Map<String, String> violations() {
        final JavascriptExecutor page = driver;
        page.executeScript(AXE);
        final Object result = page.executeAsyncScript("const done = arguments[arguments.length - 1];"
                + "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
                + ".then(r => done(r.violations.map(v => [v.id, v.nodes.map(n => n.html + ' ' + "
                + "(n.any[0]?.message ?? '')).join(' | ')])))");
        final Map<String, String> found = new TreeMap<>();
        if (result instanceof List<?> list) {
            for (final Object line : list) {
                if (line instanceof List<?> pair) {
                    found.put(String.valueOf(pair.get(0)), String.valueOf(pair.get(1)));
                }
            }
        }
        return found;
    }

    /** What the browser has complained about since the last time, as a breach of the Content-Security-Policy. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    void screenshot(String name) {
        final JavascriptExecutor page = driver;
        final Object height = page.executeScript("return document.documentElement.scrollHeight");
        final Dimension before = driver.manage().window().getSize();
        if (height instanceof Long pixels) {
            size(before.getWidth(), (int) Math.max(600, Math.min(2400, pixels + 140)));
        }
        try {
            Files.createDirectories(SCREENSHOTS);
            Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            driver.manage().window().setSize(before);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
