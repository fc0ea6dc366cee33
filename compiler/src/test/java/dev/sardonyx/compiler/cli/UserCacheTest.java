package dev.sardonyx.compiler.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the paths are POSIX's")
class UserCacheTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        # system    | variable       | its value | our folder
        Linux       | OTHER          | /x        | /account/.cache/sardonyx
        Linux       | HOME           | /home/eva | /home/eva/.cache/sardonyx
        Linux       | XDG_CACHE_HOME | /caches   | /caches/sardonyx
        Linux       | XDG_CACHE_HOME | caches    | /account/.cache/sardonyx
        Linux       | XDG_CACHE_HOME | ''        | /account/.cache/sardonyx
        Linux       | LOCALAPPDATA   | /local    | /account/.cache/sardonyx
        FreeBSD     | HOME           | /home/eva | /home/eva/.cache/sardonyx
        Mac OS X    | HOME           | /home/eva | /home/eva/Library/Caches/sardonyx
        Windows 11  | LOCALAPPDATA   | /local    | /local/sardonyx
        Windows 11  | HOME           | /home/eva | /account/AppData/Local/sardonyx
        """)
    void lies_where_the_system_s_custom_wants_it(String system, String variable, String value, Path folder) {
        assertThat(UserCache.folder(system, Map.of(variable, value), Path.of("/account")))
                .isEqualTo(folder);
    }
}
